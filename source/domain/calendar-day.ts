/**
The end of a day such as `2027-03-31` in the server's time zone, as ISO 8601 in UTC with milliseconds.
@returns `undefined` for what is no day, the 31st of February for one
*/
export const endOfDay = (text: string): string | undefined => isDay(text) ? new Date(`${text}T23:59:59.999`).toISOString() : undefined;

/** A date that does not exist is read as a later one. */
const isDay = (text: string): boolean => {
	const time = new Date(`${text}T00:00:00Z`);

	return /^\d{4}-\d\d-\d\d$/v.test(text) && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
};

/** The day of an ISO time in the server's time zone: that which `endOfDay` was made from. */
export const dayOf = (iso: string): string => {
	const time = new Date(iso);

	return [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(part => String(part).padStart(2, '0')).join('-');
};
