
import test from 'ava';
import {
	editText,
	pasteText,
	startText,
	typedText,
} from '../../source/ui/fields/text-state.ts';

const type = (text: string, ...keys: readonly string[]) => {
	let state = startText(text);

	for (const key of keys) {
		state = editText(state, key) ?? state;
	}

	return `${state.graphemes.slice(0, state.caret).join('')}|${state.graphemes.slice(state.caret).join('')}`;
};

const edits: ReadonlyArray<readonly [string, string, readonly string[], string]> = [
	['typing', 'ab', ['c', 'space', 'd'], 'abc d|'],
	['typing in the middle', 'ac', ['left', 'b'], 'ab|c'],
	['backspace', 'abc', ['left', 'backspace'], 'a|c'],
	['backspace at the start', 'abc', ['home', 'backspace'], '|abc'],
	['delete', 'abc', ['home', 'delete'], '|bc'],
	['a letter of several code points is one', 'e\u{301}x', ['left', 'left', 'delete'], '|x'],
	['Ctrl-U', 'one two', ['left', 'ctrl-u'], '|o'],
	['Ctrl-W', 'one two ', ['ctrl-w'], 'one |'],
	['Home and End', 'abc', ['home', 'x', 'end', 'y'], 'xabcy|'],
	['the caret stays inside', 'a', ['left', 'left', 'right', 'right', 'b'], 'ab|'],
	['keys that type nothing', 'a', ['ctrl-x', 'pageup'], 'a|'],
];

for (const [title, text, keys, expected] of edits) {
	test(`text: ${title}`, t => {
		t.is(type(text, ...keys), expected);
	});
}

test('text: a paste is one line without control characters', t => {
	const pasted = pasteText(startText('a'), 'one\r\n\u{1B}[31mtwo\t\n');
	t.is(typedText(pasted), 'aone [31mtwo');
});

test('text: keys that type nothing are left to others', t => {
	t.is(editText(startText('a'), 'enter'), undefined);
	t.is(editText(startText('a'), 'shift-tab'), undefined);
});
