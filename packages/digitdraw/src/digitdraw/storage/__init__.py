"""Files that outlive the app: saved drawings and settings."""
