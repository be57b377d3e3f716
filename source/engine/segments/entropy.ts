/** Bytes looked at; enough to tell packed data from text within a few parts in a thousand. */
const sampleLength = 512;
/** Different byte values among 512: text has under 110, base64 64, machine code about 160, packed or encrypted data 221 ± 5. */
const packedFrom = 195;

const seen = new Uint8Array(256);

/** Whether compressing would be in vain: photographs, archives, anything packed already. Costs under a microsecond. */
export const isLikelyPacked = (bytes: Uint8Array): boolean => {
	if (bytes.length < sampleLength * 4) {
		return false;
	}

	const step = Math.floor(bytes.length / sampleLength);
	let distinct = 0;
	seen.fill(0);

	for (let index = 0, offset = 0; index < sampleLength; index++, offset += step) {
		const value = bytes[offset]!;
		distinct += 1 - seen[value]!;
		seen[value] = 1;
	}

	return distinct >= packedFrom;
};
