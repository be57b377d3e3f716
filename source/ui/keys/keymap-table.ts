import {
	bindingsIn,
	layers,
	sections,
	type LayerName,
	type SectionName,
} from './keymap.ts';
import {showKey} from './key-name.ts';

/** Where the keys of a section work, where it is not one screen of that name. */
const places: Partial<Record<SectionName, string>> = {
	everywhere: 'Everywhere',
	moving: 'Lists, trees, texts',
	marking: 'Lists with marks',
	filtering: 'Lists',
	sorting: 'Lists',
	panes: 'Wide screens',
	leaving: 'Every screen',
	confirmation: 'Confirmation',
	typing: 'Text field',
};

/** The whole keymap as the README shows it. */
export const formatKeymap = (): string => {
	const rows = (Object.keys(sections) as SectionName[]).flatMap(section => bindingsIn(section).map(({keys, help}) =>
		`| ${placeOf(section)} | ${keys.map(key => `\`${showKey(key)}\``).join(' ')} | ${help} |`));

	return ['| where | key | what it does |', '|---|---|---|', ...rows, ''].join('\n');
};

const placeOf = (section: SectionName): string => places[section] ?? layers[section as LayerName].title;
