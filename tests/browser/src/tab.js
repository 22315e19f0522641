// What a person sees: asked from a world apart, so that it works when the page may run no script.

const readable = text => text.replace(/[\s\u00a0\u202f]+/g, ' ').replace(/’/g, "'").trim();

const shown = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

/** The first thing to press that says exactly this, else that says it among other words. */
const pressable = label => {
  const all = [...document.querySelectorAll('a[href], button, summary')].filter(shown);
  const wanted = readable(label);
  const says = element => readable(element.textContent);
  return all.find(element => says(element) === wanted) ?? all.find(element => says(element).includes(wanted));
};

/** The control of the first label that begins so. */
const control = label => {
  const wanted = readable(label);
  const labels = [...document.querySelectorAll('label')].filter(shown);
  return labels.find(each => readable(each.textContent).startsWith(wanted))?.control;
};

/** Where to click: in the middle of its first line, if nothing is above it. */
const place = (kind, label) => {
  const element = kind === 'field' ? control(label) : pressable(label);
  if (!element) throw new Error(`no ${kind} « ${label} » in ${location.pathname}:\n${document.body.innerText}`);
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = element.getClientRects()[0];
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const hit = document.elementFromPoint(x, y);
  if (!element.contains(hit)) throw new Error(`« ${label} » is under ${hit?.outerHTML.slice(0, 200)}`);
  return { x, y };
};

/** Where the focus is, and whether a person sees it there. */
const focus = () => {
  const element = document.activeElement;
  if (!element || element === document.body) return { on: '', name: '', visible: false };
  const path = [];
  for (let at = element; at.parentElement; at = at.parentElement) {
    path.unshift(`${at.localName}:${[...at.parentElement.children].indexOf(at)}`);
  }
  const style = getComputedStyle(element);
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  const box = element.getBoundingClientRect();
  const inside = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    on: path.join(' '),
    name: readable(element.innerText || element.labels?.[0]?.innerText || element.getAttribute('aria-label') || ''),
    visible: element.matches(':focus-visible') && inside && (outlined || style.boxShadow !== 'none'),
  };
};
