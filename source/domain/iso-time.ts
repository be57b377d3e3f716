const latestMs = 8_640_000_000_000_000;

/** A file's time, in nanoseconds since 1970, as ISO 8601 in UTC with milliseconds. What no calendar reaches is its end. */
export const isoTimeOf = (nanoseconds: bigint): string => {
	const milliseconds = Number(nanoseconds / 1_000_000n) - Number(nanoseconds < 0n && nanoseconds % 1_000_000n !== 0n);

	return new Date(Math.min(latestMs, Math.max(-latestMs, milliseconds))).toISOString();
};
