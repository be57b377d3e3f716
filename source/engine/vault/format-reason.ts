/** A file's time as words: to the second, in UTC. Times beyond what a calendar can say stay numbers. */
export const formatTime = (ns: bigint): string => {
	const date = new Date(Number(ns / 1_000_000n));

	return Number.isNaN(date.getTime()) ? `${ns / 1_000_000_000n} s after 1970` : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
};
