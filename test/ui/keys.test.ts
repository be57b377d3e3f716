
import {readFileSync} from 'node:fs';
import test from 'ava';
import {footerLine} from '../../source/ui/components/footer.ts';
import {createFocusStack, type FocusLayer} from '../../source/ui/keys/focus-stack.ts';
import {isLikelyPaste, splitKeys, type EventFlags} from '../../source/ui/keys/key-input.ts';
import {formatKeymap} from '../../source/ui/keys/keymap-table.ts';
import {
	bindingsIn,
	bindingsOf,
	layers,
	sections,
	type LayerName,
	type SectionName,
} from '../../source/ui/keys/keymap.ts';
import {widthOf} from '../../source/ui/look/fit.ts';
import {textOf} from '../../source/ui/look/span.ts';

const layerNames = Object.keys(layers) as LayerName[];
const sectionNames = Object.keys(sections) as SectionName[];

const noFlags: EventFlags = {
	upArrow: false, downArrow: false, leftArrow: false, rightArrow: false, pageUp: false, pageDown: false, home: false, end: false, return: false,
	escape: false, tab: false, backspace: false, delete: false, ctrl: false, meta: false, shift: false,
};

const events: ReadonlyArray<readonly [string, string, Partial<EventFlags>, readonly string[]]> = [
	['a letter', 'j', {}, ['j']],
	['letters typed fast', 'jjk', {}, ['j', 'j', 'k']],
	['a word and Enter in one go', 'ab\r', {}, ['a', 'b', 'enter']],
	['Enter as CR LF', 'a\r\n', {}, ['a', 'enter']],
	['a space', 'a b', {}, ['a', 'space', 'b']],
	['an arrow', '', {downArrow: true}, ['down']],
	['Shift-Tab', '', {tab: true, shift: true}, ['shift-tab']],
	['Ctrl-C alone', 'c', {ctrl: true}, ['ctrl-c']],
	['Ctrl-U among others', 'a\u{15}b', {}, ['a', 'ctrl-u', 'b']],
	['Escape and a key that came together', 'j', {meta: true}, ['escape', 'j']],
	['Escape', '', {escape: true}, ['escape']],
	['Escape twice in one go', '', {escape: true, meta: true}, ['escape', 'escape']],
	['a letter of several code points', 'e\u{301}日', {}, ['e\u{301}', '日']],
];

for (const [title, input, flags, expected] of events) {
	test(`keys of an event: ${title}`, t => {
		const keys = splitKeys(input, {...noFlags, ...flags});
		t.deepEqual(keys, expected);
	});
}

test('keys: a long text at once is a paste, a held key is not', t => {
	const arePasted = (input: string) => isLikelyPaste(splitKeys(input, noFlags));

	t.true(arePasted('rm -rf / # and more than anyone types\r'));
	t.false(arePasted('j'.repeat(200)));
	t.false(arePasted('alice'));
});

for (const name of layerNames) {
	test(`keymap: on ${name} every key has one meaning`, t => {
		const keys = bindingsOf(name).flatMap(binding => binding.keys);
		t.deepEqual(keys.filter((key, index) => keys.indexOf(key) !== index), []);
	});

	test(`keymap: the footer of ${name} fits and always offers help`, t => {
		const footer = textOf(footerLine({name, handlers: {}}, 80));
		const hasEverywhere = (layers[name].sections as readonly SectionName[]).includes('everywhere');

		t.true(widthOf(footer) <= 80);
		t.is(footer.includes('? help'), hasEverywhere);
	});
}

test('keymap: every section is on some screen', t => {
	const used = new Set(layerNames.flatMap((name): readonly SectionName[] => layers[name].sections));
	t.deepEqual(sectionNames.filter(section => !used.has(section)), []);
});

test('keymap: no destructive act is a Ctrl key, and none is confirmed by the key that starts it', t => {
	const confirming = sections.confirmation.yes.keys as readonly string[];
	const destructive = [sections.task.abort, sections.queue.abort, sections.options.restore, sections.files.restore, sections.excludes.remove, sections.orphans.delete];

	for (const {keys} of destructive) {
		t.true(keys.every(key => /^[A-Z]$/v.test(key)), keys.join(' '));
	}

	const starting = new Set(sectionNames.filter(section => section !== 'confirmation').flatMap(section => bindingsIn(section).flatMap(({keys}) => keys)));
	t.deepEqual(confirming.filter(key => starting.has(key)), []);
});

test('keymap: helps fit beside their keys at 80 columns', t => {
	for (const {help} of sectionNames.flatMap(section => bindingsIn(section))) {
		t.true(help.length <= 54, help);
	}
});

test('keymap: the README has it', t => {
	const readme = readFileSync('README.md', 'utf8');
	const shown = /<!-- keys[^>]*-->\n(?<table>.*?)<!-- \/keys -->/sv.exec(readme)?.groups?.table;

	t.is(shown, formatKeymap(), 'the table in README.md is not that of the keymap; print it with formatKeymap');
});

const layer = (options: Partial<FocusLayer> & {readonly takes: readonly string[]; readonly log: string[]; readonly label: string}): (() => FocusLayer) => () => ({
	level: 'screen', name: undefined, handlers: {}, isModal: false, isRepeatable: () => false,
	take(key, count) {
		if (options.takes.includes(key)) {
			options.log.push(`${options.label}:${key}${count > 1 ? `×${count}` : ''}`);
			return true;
		}

		return false;
	},
	...options,
});

const atOnce = (next: () => void) => {
	next();
};

test('focus: the top takes a key first, what it leaves goes down, and nothing passes a dialog', t => {
	const log: string[] = [];
	const stack = createFocusStack({
		onRefusedPaste() {
			log.push('refused');
		},
	});
	stack.add(layer({
		label: 'bottom', takes: ['q', 'j', '/'], log, level: 'everywhere',
	}));
	stack.add(layer({label: 'screen', takes: ['j', 'enter'], log}));
	stack.press(['j', 'q'], atOnce);
	const close = stack.add(layer({
		label: 'dialog', takes: ['y'], log, level: 'dialog', isModal: true,
	}));
	stack.press(['j', 'q', 'y'], atOnce);
	stack.paste('text', atOnce);
	close();
	stack.press(['q'], atOnce);

	t.deepEqual(log, ['screen:j', 'bottom:q', 'dialog:y', 'refused', 'bottom:q']);
});

test('focus: a key is looked at only when what the last one changed is in place', t => {
	const log: string[] = [];
	const stack = createFocusStack({onRefusedPaste: () => undefined});
	const waiting: Array<() => void> = [];
	const settle = (next: () => void) => {
		waiting.push(next);
	};

	stack.add(layer({label: 'screen', takes: ['a', 'b'], log}));
	stack.press(['a', 'b'], settle);
	t.deepEqual(log, ['screen:a']);

	stack.add(layer({
		label: 'opened by a', takes: ['b'], log, level: 'dialog',
	}));
	waiting.shift()!();
	t.deepEqual(log, ['screen:a', 'opened by a:b']);

	waiting.shift()!();
	stack.press(['a'], settle);
	t.is(log.at(-1), 'screen:a');
});

test('focus: a held key is one call with a count', t => {
	const log: string[] = [];
	const stack = createFocusStack({onRefusedPaste: () => undefined});
	stack.add(layer({
		label: 'list', takes: ['j', 'x'], log, isRepeatable: key => key === 'j',
	}));
	stack.press(['j', 'j', 'j', 'x', 'x'], atOnce);

	t.deepEqual(log, ['list:j×3', 'list:x', 'list:x']);
});

test('focus: a paste goes to the top that takes one', t => {
	const pasted: string[] = [];
	const stack = createFocusStack({
		onRefusedPaste() {
			pasted.push('refused');
		},
	});
	stack.paste('nobody', atOnce);
	stack.add(layer({label: 'list', takes: [], log: []}));
	stack.add(layer({
		label: 'field', takes: [], log: [], level: 'field', paste(text) {
			pasted.push(text);
		},
	}));
	stack.paste('hello', atOnce);

	t.deepEqual(pasted, ['refused', 'hello']);
});
