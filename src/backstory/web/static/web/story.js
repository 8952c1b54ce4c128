// The customer's own words, one press away from the field they belong to.
document.addEventListener("click", (event) => {
  const offer = event.target.closest("[data-fill]");
  const field = offer && document.getElementById(offer.dataset.fill);
  if (!field) return;
  field.value = [field.value.trim(), offer.dataset.text].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  offer.remove();
  field.focus();
});
