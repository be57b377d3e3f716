import test from 'ava';
import {
	canMeanNameThatBegins,
	exampleOf,
	isMeant,
	isOpenEnded,
} from '../../source/domain/grant-pattern.ts';

const own = String.raw`al\_%`;
const percent = String.raw`a\%`;

test('a pattern means the names that a server takes for it', t => {
	const meant = [['al_x', 'al_x'], ['al_x', 'alix'], [own, 'al_x'], [own, 'al_'], ['%', ''], ['a%c%', 'abcd'], ['a.c', 'a.c'], [percent, 'a%']] as const;
	const others = [['al_x', 'alice_x'], [own, 'alice_x'], ['a.c', 'abc'], [percent, 'ab'], ['al', 'alice'], ['a%c', 'abcd']] as const;
	t.deepEqual(meant.filter(([pattern, name]) => !isMeant(name, pattern)), []);
	t.deepEqual(others.filter(([pattern, name]) => isMeant(name, pattern)), []);
});

test('what a pattern may come to mean is known before there is such a name', t => {
	const open = ['al_%', 'al%', '%', 'al%shop', String.raw`alice\_%`, String.raw`a____\_x`];
	const closed = [own, 'al_x', 'al_db', String.raw`al\_shop%`, 'alice', 'bob%', String.raw`alice\%`];
	t.deepEqual([...open, ...closed].filter(pattern => canMeanNameThatBegins('alice_', pattern)), open);
});

test('a pattern without % means names of one length', t => {
	t.false(isOpenEnded(percent));
	t.true(isOpenEnded('al%'));
});

test('an example of a pattern reads an underscore as one', t => {
	t.deepEqual(['al_shop', own, percent].map(pattern => exampleOf(pattern)), ['al_shop', 'al_x', 'a%']);
});
