import {glyph} from '../look/appearance.ts';

const names: Readonly<Record<string, string>> = {
	enter: 'Enter',
	escape: 'Esc',
	space: 'Space',
	tab: 'Tab',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	backspace: 'Backspace',
};

/** A key as it is written on the screen. */
export const showKey = (key: string): string => {
	if (key.startsWith('ctrl-')) {
		return `Ctrl-${key.slice(5).toUpperCase()}`;
	}

	return key === 'up' || key === 'down' ? glyph(key) : names[key] ?? arrows(key);
};

const arrows = (key: string): string => {
	if (key === 'left') {
		return glyph('ellipsis') === '~' ? '<-' : '←';
	}

	return key === 'right' ? glyph('arrow') : key;
};
