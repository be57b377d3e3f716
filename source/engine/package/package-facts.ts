/** `holdfast.json` of a package: what it is, in words that a person and another Holdfast can read. */
import {Buffer} from 'node:buffer';
import {toText} from '../../domain/raw-name.ts';
import {isEverything} from '../../domain/restore.ts';
import {createSelector} from '../../domain/selection.ts';
import type {Manifest} from '../catalog/manifest.ts';
import type {PackageRequest, PackedTree} from '../engine.ts';

export const factsName = 'holdfast.json';
const packageFormat = 'holdfast-package';
const packageVersion = 1;

/** Names from disk are in it as text, as in all output of Holdfast. Of what is not in the package it tells nothing. */
export const encodeFacts = (manifest: Manifest, {trees, account, createdAt}: PackageRequest): Buffer => {
	const {machine, home, id, structure} = manifest;
	const facts = {
		format: packageFormat,
		version: packageVersion,
		createdAt,
		machine,
		account: toText(manifest.account),
		uid: account?.uid ?? null,
		gid: account?.gid ?? null,
		home: home === undefined ? null : toText(home),
		backup: {id, createdAt: manifest.createdAt, structure},
		items: trees.map(tree => tree.item === 'homedir' ? homeFacts(manifest, tree) : itemFacts(manifest, tree)),
	};

	return Buffer.from(`${JSON.stringify(facts, null, '\t')}\n`);
};

/** Where all of the home is in the package, what the backup could not hold is told, too. */
const homeFacts = ({items, excludes, heldElsewhere = []}: Manifest, {item: name, selection, withheld}: PackedTree) => {
	const stored = items.find(item => item.name === name)!;
	const isWhole = isEverything(selection) && (withheld === undefined || createSelector(withheld).roots.length === 0);

	return {
		name,
		status: stored.status,
		isWhole,
		excludes: isWhole ? excludes : [],
		heldElsewhere: isWhole ? heldElsewhere.map(path => toText(path)) : [],
		incompleteFolders: isWhole ? stored.parts[0]!.incompleteFolders.map(path => toText(path)) : [],
		unread: isWhole ? [...new Set(stored.findings.map(({path}) => path).filter(path => path !== ''))].map(path => toText(path)) : [],
	};
};

const itemFacts = ({items}: Manifest, {item: name, parts}: PackedTree) => ({
	name,
	parts: items.find(item => item.name === name)!.parts.filter(part => parts.includes(part.name)).map(({name: part, kind, status}) => ({name: toText(part), kind: kind ?? null, status})),
});
