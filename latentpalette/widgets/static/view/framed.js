// A page inside another, in an iframe, tells the page around it how high it is.

/**
 * Tell the page around this one the height of an element [CSS pixels], now and whenever it changes. A page that is in no
 * other tells nobody. It is all that crosses: the page around may be anyone's.
 * @param {HTMLElement} element
 * @param {Pick<Window, "parent">} page
 */
export function reportHeight(element, page = window) {
  if (page.parent === page) return;
  const report = () => {
    const height = Math.ceil(element.getBoundingClientRect().height);
    page.parent.postMessage({ latentpalette: { height } }, "*");
  };
  new ResizeObserver(report).observe(element);
}
