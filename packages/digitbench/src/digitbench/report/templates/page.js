
for (const line of document.querySelectorAll("pre.line")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(line.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(line);
      button.textContent = "Selected: copy with the keyboard";
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  line.before(button);
}
