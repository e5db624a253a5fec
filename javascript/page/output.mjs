// What a program writes, as text in the page.

const MOST = 400_000;

/** @param {HTMLElement} place */
export function output(place) {
  /** @type {Record<string, TextDecoder>} */
  let decoders = {};
  let length = 0;

  /** @param {string} text @param {string} stream */
  function text(text, stream) {
    // Colours and the cursor are a terminal's own; here is text alone.
    const plain = text.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, "").replace(/\r\n?/g, "\n");
    const last = /** @type {HTMLElement | null} */ (place.lastElementChild);
    const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 40;
    if (last?.dataset.stream === stream && last.textContent && last.textContent.length < 20_000) last.append(plain);
    else {
      const part = document.createElement("span");
      part.dataset.stream = stream;
      part.append(plain);
      place.append(part);
    }
    length += plain.length;
    while (length > MOST && place.firstElementChild && place.children.length > 1) {
      length -= place.firstElementChild.textContent?.length ?? 0;
      place.firstElementChild.remove();
    }
    if (atEnd) place.scrollTop = place.scrollHeight;
  }

  return {
    text,
    /** @param {Uint8Array} data @param {string} stream */
    write(data, stream) {
      text((decoders[stream] ??= new TextDecoder()).decode(data, { stream: true }), stream);
    },
    clear() {
      place.replaceChildren();
      decoders = {};
      length = 0;
    },
  };
}
