/** Whether something failed only as nobody waits for it any more: thrown as it is, or by a program that was ended for it. */
export const isStopped = (error: unknown, {aborted, reason}: AbortSignal): boolean => aborted && (error === reason || (error instanceof Error && error.cause === reason));
