/**
How far the clock is believed when backups are to be removed. Nobody can tell a clock that is wrong from a server that was off: so a clock that has just jumped ahead by more than a year is believed a day later, and one
that is behind what was made by it removes nothing.
*/
import type {Backup} from './backup.ts';
import {formatMinute} from './units.ts';

/** What is remembered of the clock. Times are ISO 8601, UTC, milliseconds. */
export type ClockMemory = {
	/** When it was looked at last; about. `null`: never. */
	readonly seenAt: string | null;
	/** A jump ahead that is not believed yet. */
	readonly jump: ClockJump | null;
};

export type ClockJump = {
	/** What the clock said before it. */
	readonly from: string;
	/** What it said after it. */
	readonly to: string;
};

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** Clocks are set right by moments all the time. */
const toleranceMs = minuteMs;
/** Servers are off for months, and what expires meanwhile goes as soon as they are back; clocks that lost their battery or their network say years. */
const jumpMs = 366 * dayMs;
/** A jump that has stood for so long is believed. */
const beliefMs = dayMs;

/** What is to be remembered when the clock says `now`; the same object where nothing needs to be. */
export const lookAtClock = (memory: ClockMemory, now: Date): ClockMemory => {
	const seenAt = now.toISOString();
	const gap = memory.seenAt === null ? 0 : now.getTime() - Date.parse(memory.seenAt);

	if (memory.seenAt === null || gap < -toleranceMs) {
		return {seenAt, jump: null};
	}

	if (gap > jumpMs) {
		return {seenAt, jump: {from: memory.seenAt, to: seenAt}};
	}

	const isBelieved = memory.jump !== null && seenAt >= beliefTime(memory.jump);

	return isBelieved || gap >= hourMs ? {seenAt, jump: isBelieved ? null : memory.jump} : memory;
};

/** Up to when time has passed for certain: what expires later stays. */
export const provenTime = (memory: ClockMemory, now: Date): Date => {
	const {jump} = lookAtClock(memory, now);

	return jump === null ? now : new Date(jump.from);
};

/** Why less is removed than the clock says, as a sentence; `undefined`: by the clock. */
export const describeJump = (memory: ClockMemory, now: Date): string | undefined => {
	const {jump} = lookAtClock(memory, now);

	return jump === null
		? undefined
		: `The clock jumped from ${formatMinute(jump.from)} to ${formatMinute(jump.to)} UTC, or nothing ran in between: in case it is wrong, what has expired since then stays until ${formatMinute(beliefTime(jump))} UTC`;
};

const beliefTime = ({to}: ClockJump): string => new Date(Date.parse(to) + beliefMs).toISOString();

/** Whether a backup was made later than now: by a clock that was wrong, or is. */
export const isMadeAhead = ({createdAt}: Pick<Backup, 'createdAt'>, now: Date): boolean => Date.parse(createdAt) > now.getTime() + toleranceMs;
