import test from 'ava';
import {FormatError} from '../../../source/engine/base/bytes.ts';
import {encodeFacts, type StoredEntry} from '../../../source/engine/catalog/catalog-page.ts';
import {type FactsPiece, joinFacts, PageFacts} from '../../../source/engine/catalog/page-facts.ts';
import {Random} from '../../benchmarks/random.ts';
import {randomPage} from './random-page.ts';

/** Cuts pages into pieces at random, in order, leaving some out. */
const cut = (random: Random, pages: readonly StoredEntry[][]): {pieces: FactsPiece[]; entries: StoredEntry[]} => {
	const pieces: FactsPiece[] = [];
	const entries: StoredEntry[] = [];

	for (const page of pages) {
		const facts = new PageFacts(encodeFacts(page));

		for (let index = 0; index < page.length;) {
			const count = Math.min(page.length - index, 1 + random.below(8));

			if (random.below(4) > 0) {
				pieces.push({facts, index, count});
				entries.push(...page.slice(index, index + count));
			}

			index += count;
		}
	}

	return {pieces, entries};
};

test('property: facts joined of pieces are those of the same entries', t => {
	const random = new Random(41);

	for (let round = 0; round < 60; round++) {
		const {pieces, entries} = cut(random, [randomPage(random), randomPage(random), randomPage(random)]);
		t.deepEqual(joinFacts(pieces), encodeFacts(entries));
	}
});

test('property: size and group of an entry are told from the facts alone', t => {
	const page = randomPage(new Random(42));
	const facts = new PageFacts(encodeFacts(page));
	t.is(facts.count, page.length);

	for (const [index, {sizeBytes, linkGroup}] of page.entries()) {
		t.is(facts.sizeOf(index), sizeBytes);
		t.is(facts.linkGroupOf(index), linkGroup);
	}
});

test('property: facts cut short are an error', t => {
	const facts = encodeFacts(randomPage(new Random(43)));

	for (let length = 0; length < facts.length; length += 7) {
		t.throws(() => new PageFacts(facts.subarray(0, length)), {instanceOf: FormatError});
	}
});
