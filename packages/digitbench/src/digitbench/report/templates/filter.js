// Filtering: which recordings are shown, by how they came out and by tag.

const filter = document.querySelector(".filter");
if (filter) {
  const cards = [...document.querySelectorAll(".card")];
  const apply = () => {
    const kind = filter.elements.kind.value, tag = filter.elements.tag?.value ?? "";
    let count = 0;
    for (const card of cards) {
      const isShown = (kind === "all" || card.dataset.kinds.split(" ").includes(kind)
        || (kind === "failed" && card.dataset.kinds !== "right"))
        && (tag === "" || JSON.parse(card.dataset.tags).includes(tag));
      card.hidden = !isShown;
      count += isShown;
    }
    filter.querySelector("output").textContent = `${count} shown`;
  };
  // A link to a card shows it, whatever is filtered.
  const reveal = () => {
    const card = document.getElementById(location.hash.slice(1));
    if (card?.hidden) { filter.reset(); filter.elements.kind.value = "all"; apply(); card.scrollIntoView(); }
  };
  filter.hidden = false;
  filter.addEventListener("change", apply);
  addEventListener("hashchange", reveal);
  apply();
  reveal();
}
