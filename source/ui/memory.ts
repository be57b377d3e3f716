import v8 from 'node:v8';

const enough = 16 * 1024 * 1024;
let isHeld = false;

/**
Keeps the heap of a terminal that stays open for days small. Drawing leaves much garbage and little else: V8 would answer with a young generation of
100 MB and more. To be called after each frame; it holds what has grown to the size that drawing needs.
*/
export const holdMemory = (): void => {
	if (isHeld) {
		return;
	}

	const youngBytes = v8.getHeapSpaceStatistics().find(space => space.space_name === 'new_space')?.physical_space_size ?? enough;

	if (!(youngBytes >= enough)) {
		return;
	}

	isHeld = true;
	v8.setFlagsFromString('--semi-space-growth-factor=1');
	v8.setFlagsFromString('--heap-growing-percent=20');
};
