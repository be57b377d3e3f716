import v8 from 'node:v8';

let isHeld = false;

/**
Keeps the heap of a terminal that stays open for days small. Drawing and reading leave much garbage and little else: V8 would answer with a young
generation of 100 MB and more. After the first frame it is as large as drawing needs, and stays so.
*/
export const holdMemory = (): void => {
	if (isHeld) {
		return;
	}

	isHeld = true;
	v8.setFlagsFromString('--semi-space-growth-factor=1');
	v8.setFlagsFromString('--heap-growing-percent=20');
};
