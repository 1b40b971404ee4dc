// Switches between the system's colours, light and dark.
const themes = [
  { name: "", sign: "◐", label: "Colours: as the system" },
  { name: "light", sign: "☀", label: "Colours: light" },
  { name: "dark", sign: "☾", label: "Colours: dark" },
];

export function theme(button) {
  let current = Math.max(0, themes.findIndex((t) => t.name === localStorage.getItem("theme")));
  const show = () => {
    const { name, sign, label } = themes[current];
    document.documentElement.dataset.theme = name;
    button.textContent = sign;
    button.setAttribute("aria-label", label);
    button.title = label;
  };
  button.addEventListener("click", () => {
    current = (current + 1) % themes.length;
    localStorage.setItem("theme", themes[current].name);
    show();
  });
  show();
}
