// Proof of work, fetched when the server asks for it: finds an answer whose SHA-256
// (FIPS 180-4), together with the challenge, begins with so many zero bits.

// The first bits of the fractional parts of roots of primes, as the standard has them.
const fraction = (number) => ((number % 1) * 2 ** 32) | 0;
const START = [];
const ROUNDS = [];
for (let n = 2, primes = []; ROUNDS.length < 64; n += 1) {
  if (primes.some((prime) => n % prime === 0)) continue;
  primes.push(n);
  if (START.length < 8) START.push(fraction(n ** (1 / 2)));
  ROUNDS.push(fraction(n ** (1 / 3)));
}

const words = new Int32Array(64);
const turn = (word, by) => (word >>> by) | (word << (32 - by));

// The first 32 bits of the hash of a message of one block, padded already.
const hash = (block) => {
  for (let at = 0; at < 64; at += 1) {
    if (at < 16) words[at] = block.getInt32(at * 4);
    else {
      const [old, late] = [words[at - 15], words[at - 2]];
      words[at] = words[at - 16] + (turn(old, 7) ^ turn(old, 18) ^ (old >>> 3)) + words[at - 7] + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
    }
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let at = 0; at < 64; at += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[at] + words[at]) | 0;
    const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return (START[0] + a) | 0;
};

// Milliseconds of work between two breaths of the page.
const SLICE = 12;

// At most 32 bits, and a challenge of at most 44 letters: it must fit one block with its answer.
export default async (challenge, bits) => {
  const bytes = new Uint8Array(64);
  const block = new DataView(bytes.buffer);
  const begin = new TextEncoder().encode(`${challenge}:`);
  let rest = performance.now() + SLICE;
  for (let n = 0; ; n += 1) {
    const answer = n.toString(36);
    const end = begin.length + answer.length;
    if (end > 55) throw new Error("Jiwar: the challenge is too long");
    bytes.fill(0);
    bytes.set(begin);
    for (let at = 0; at < answer.length; at += 1) bytes[begin.length + at] = answer.charCodeAt(at);
    bytes[end] = 0x80;
    block.setUint16(62, end * 8);
    if (Math.clz32(hash(block)) >= bits) return answer;
    if (n % 256 === 0 && performance.now() > rest) {
      await new Promise((go) => setTimeout(go));
      rest = performance.now() + SLICE;
    }
  }
};
