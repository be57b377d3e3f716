import v8 from 'node:v8';

let isHeld = false;

/**
Keeps the heaps of this process, and of threads that it starts from now on, small. Drawing, reading and listing leave much garbage and little else: V8 would
answer with young generations as large as they may be, and with old ones that it collects late.
*/
export const holdMemory = (): void => {
	if (isHeld) {
		return;
	}

	isHeld = true;
	v8.setFlagsFromString('--semi-space-growth-factor=1');
	v8.setFlagsFromString('--heap-growing-percent=20');
};
