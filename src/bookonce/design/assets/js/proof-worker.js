/* Which number, put behind the salt, has this SHA-256 (FIPS 180-4)? Not by crypto.subtle: plain-http pages lack it. */
const START = new Int32Array(8), ROUNDS = new Int32Array(64), words = new Int32Array(64), hash = new Int32Array(8);

const fraction = (root) => ((root % 1) * 2 ** 32) | 0;
for (let number = 2, primes = 0; primes < 64; number++) {
  let factor = 2;
  while (number % factor) factor++;
  if (factor < number) continue;
  if (primes < 8) START[primes] = fraction(Math.sqrt(number));
  ROUNDS[primes++] = fraction(Math.cbrt(number));
}

const compress = (block, at) => {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15], y = words[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
  }
  let a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  hash[0] += a; hash[1] += b; hash[2] += c; hash[3] += d; hash[4] += e; hash[5] += f; hash[6] += g; hash[7] += h;
};

onmessage = ({ data: { salt, challenge, maxnumber } }) => {
  const text = new TextEncoder().encode(salt);
  const wanted = Int32Array.from(challenge.match(/.{8}/g), (word) => parseInt(word, 16) | 0);
  let bytes, block, width = 0;
  for (let number = 0; number <= maxnumber; number++) {
    const digits = String(number);
    if (digits.length > width) {
      width = digits.length;
      const length = text.length + width;
      bytes = new Uint8Array(64 * Math.ceil((length + 9) / 64));
      bytes.set(text);
      bytes[length] = 128;
      block = new DataView(bytes.buffer);
      block.setUint32(bytes.length - 4, 8 * length);
    }
    for (let i = 0; i < width; i++) bytes[text.length + i] = digits.charCodeAt(i);
    hash.set(START);
    for (let at = 0; at < bytes.length; at += 64) compress(block, at);
    if (hash[0] === wanted[0] && hash.every((word, i) => word === wanted[i])) return postMessage({ number });
    if (number % 4096 === 0) postMessage({ part: number / maxnumber });
  }
  postMessage({});
};
