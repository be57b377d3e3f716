/** The time as an argument: whatever needs to know it is given one. */
export type Clock = {now(): Date};

export const systemClock: Clock = {now: () => new Date()};
