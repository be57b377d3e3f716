/** Keys in the memory of a process must not come to lie on a disk because it died. Where koffi does not load, that is left to the limits of the system. */
export const forbidCoreDumps = async (): Promise<void> => {
	// Loaded when keys are there: most commands have none.
	const {native} = await import('./native.ts');
	native?.forbidCoreDumps();
};
