// The text is on the screen before the script of the page is compiled. A hidden page has no frames.
const load = () => import(new URL('page.js', import.meta.url).href);
if (document.hidden) load();
else requestAnimationFrame(() => setTimeout(load));
