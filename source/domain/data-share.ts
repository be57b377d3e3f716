/** A share of what is stored, by ids that are random: so many of them make the whole, and each run of the daemon reads the next. */
export type DataShare = {
	/** From 0. */
	readonly number: number;
	readonly of: number;
};

const dayMs = 86_400_000;

/** The share of a day. */
export const shareOfDay = (day: Date, of: number): DataShare => ({number: Math.floor(day.getTime() / dayMs) % of, of});

/** `id`: random, in hexadecimal digits. */
export const isInShare = (id: string, {number, of}: DataShare): boolean => Number.parseInt(id.slice(0, 8), 16) % of === number;
