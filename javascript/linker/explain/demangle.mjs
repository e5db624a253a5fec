/** C++ names as people write them (Itanium C++ ABI). */

/**
 * @param {string} name
 * @returns {string}
 */
export function demangle(name) {
  return name;
}
