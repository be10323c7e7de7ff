// How 限 N 字 is counted: code points as typed that are not white space (Unicode White_Space).
// The same as competition/chars.py; tests/vectors/chars.json holds both to it.
const WHITE_SPACE =
  /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;

export function countChars(text) {
  let count = 0;
  for (const character of text) {
    if (!WHITE_SPACE.test(character)) count += 1;
  }
  return count;
}
