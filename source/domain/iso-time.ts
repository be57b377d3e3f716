const latestMs = 8_640_000_000_000_000;

/** A file's time, in nanoseconds since 1970, as whole milliseconds. What no calendar reaches is its end. */
export const millisecondsOf = (nanoseconds: bigint): number => {
	const milliseconds = Number(nanoseconds / 1_000_000n) - Number(nanoseconds < 0n && nanoseconds % 1_000_000n !== 0n);

	return Math.min(latestMs, Math.max(-latestMs, milliseconds));
};

/** A file's time, in nanoseconds since 1970, as ISO 8601 in UTC with milliseconds. */
export const isoTimeOf = (nanoseconds: bigint): string => new Date(millisecondsOf(nanoseconds)).toISOString();
