import {execFileSync} from 'node:child_process';
import {
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {everything} from '../../../source/domain/restore.ts';
import {createFixture, differences, type EngineFixture} from '../fixture.ts';

const makeHome = (home: string): void => {
	mkdirSync(path.join(home, 'www', 'img'), {recursive: true});
	writeFileSync(path.join(home, 'www', 'index.php'), 'original');
	writeFileSync(path.join(home, 'www', 'img', 'logo'), 'logo');
	writeFileSync(path.join(home, 'notes'), 'notes');
	// What is younger than the scan's margin is read again, which these tests are not about.
	execFileSync('sleep', ['0.05']);
};

const preview = async ({engine, restoreRequest, home}: EngineFixture, id: string, isMerge = false) => engine.planRestore({...restoreRequest(id, home), isMerge});

test('the preview tells create, overwrite, keep and live only, and changes nothing', async t => {
	const fixture = await createFixture(t);
	const {home, backup} = fixture;
	makeHome(home);
	const {id} = await backup();
	writeFileSync(path.join(home, 'www', 'index.php'), 'hacked!!');
	rmSync(path.join(home, 'notes'));
	mkdirSync(path.join(home, 'new'));
	writeFileSync(path.join(home, 'new', 'file'), '12345');
	const before = execFileSync('find', [home, '-printf', '%p %T@ %C@ %i\n'], {encoding: 'utf8'});

	const plan = await preview(fixture, id);
	t.deepEqual(plan.create, {count: 1, bytes: 5});
	t.is(plan.overwrite.bytes, 8);
	t.deepEqual(plan.liveOnly, {count: 2, bytes: 5});
	t.deepEqual(plan.steps.filter(({action}) => action === 'create').map(step => step.path), ['notes']);
	t.true(plan.steps.some(step => step.path === 'www/index.php' && step.action === 'overwrite'));
	t.true(plan.steps.some(step => step.path === 'www/img/logo' && step.action === 'keep'));
	t.is(execFileSync('find', [home, '-printf', '%p %T@ %C@ %i\n'], {encoding: 'utf8'}), before);
});

test('equal size and times do not pass for equal content', async t => {
	const fixture = await createFixture(t);
	const {home, backup, engine, restoreRequest} = fixture;
	makeHome(home);
	const {id} = await backup();
	const file = path.join(home, 'www', 'index.php');
	const {atime, mtime} = statSync(file);
	writeFileSync(file, 'infected');
	utimesSync(file, atime, mtime);

	const result = await engine.restoreTree(restoreRequest(id, home));
	t.is(readFileSync(file, 'utf8'), 'original');
	t.is(result.summary.failed.count, 0);
});

test('the backup wins by default and live wins with merge', async t => {
	const fixture = await createFixture(t);
	const {home, backup, engine, restoreRequest} = fixture;
	makeHome(home);
	const {id} = await backup();
	writeFileSync(path.join(home, 'www', 'index.php'), 'live');
	rmSync(path.join(home, 'notes'));
	writeFileSync(path.join(home, 'mine'), 'live only');

	const merged = await engine.restoreTree({...restoreRequest(id, home), isMerge: true});
	t.is(merged.summary.created.count, 1);
	t.is(readFileSync(path.join(home, 'www', 'index.php'), 'utf8'), 'live');
	t.is(readFileSync(path.join(home, 'notes'), 'utf8'), 'notes');

	await engine.restoreTree(restoreRequest(id, home));
	t.is(readFileSync(path.join(home, 'www', 'index.php'), 'utf8'), 'original');
	t.is(readFileSync(path.join(home, 'mine'), 'utf8'), 'live only');
});

test('a restore over a changed home makes it equal, live-only files aside', async t => {
	const fixture = await createFixture(t);
	const {home, folder, backup, engine, restoreRequest} = fixture;
	makeHome(home);
	linkSync(path.join(home, 'notes'), path.join(home, 'www', 'notes-too'));
	const copy = path.join(folder, 'copy');
	execFileSync('cp', ['-a', home, copy]);
	const {id} = await backup();

	rmSync(path.join(home, 'www', 'img'), {recursive: true});
	writeFileSync(path.join(home, 'www', 'img'), 'a file where a folder was');
	rmSync(path.join(home, 'notes'));
	symlinkSync('/etc/passwd', path.join(home, 'notes'));
	execFileSync('chmod', ['700', path.join(home, 'www')]);

	const result = await engine.restoreTree(restoreRequest(id, home));
	t.deepEqual(result.findings, []);
	t.is(differences(copy, home), '');
	t.deepEqual(readdirSync(home).toSorted(), ['notes', 'www']);
});

test('a folder with content is never replaced by a file, and parents keep their times', async t => {
	const fixture = await createFixture(t);
	const {home, backup, engine, restoreRequest} = fixture;
	makeHome(home);
	const {id} = await backup();
	rmSync(path.join(home, 'www', 'index.php'));
	mkdirSync(path.join(home, 'www', 'index.php'));
	writeFileSync(path.join(home, 'www', 'index.php', 'precious'), 'x');
	rmSync(path.join(home, 'www', 'img', 'logo'));
	utimesSync(path.join(home, 'www', 'img'), 1e9, 1e9);

	const result = await engine.restoreTree(restoreRequest(id, home, {rules: [{path: 'www/index.php', isIncluded: true}, {path: 'www/img/logo', isIncluded: true}], excludes: []}));
	t.is(result.status, 'partial');
	t.deepEqual(result.findings.map(finding => finding.path), ['www/index.php']);
	t.true(existsSync(path.join(home, 'www', 'index.php', 'precious')));
	t.is(readFileSync(path.join(home, 'www', 'img', 'logo'), 'utf8'), 'logo');
	t.is(statSync(path.join(home, 'www', 'img')).mtimeMs, 1e12);
});

test('a folder that became a symbolic link is not followed: nothing outside is touched', async t => {
	const fixture = await createFixture(t);
	const {home, folder, backup, engine, restoreRequest} = fixture;
	makeHome(home);
	const {id} = await backup();
	const outside = path.join(folder, 'outside');
	mkdirSync(path.join(outside, 'img'), {recursive: true});
	writeFileSync(path.join(outside, 'index.php'), 'not yours');
	rmSync(path.join(home, 'www'), {recursive: true});
	symlinkSync(outside, path.join(home, 'www'));
	const before = execFileSync('find', [outside, '-printf', '%p %T@ %C@ %i %m\n'], {encoding: 'utf8'});

	const partial = await engine.restoreTree(restoreRequest(id, home, {rules: [{path: 'www/index.php', isIncluded: true}], excludes: []}));
	t.is(partial.status, 'partial');
	t.is(execFileSync('find', [outside, '-printf', '%p %T@ %C@ %i %m\n'], {encoding: 'utf8'}), before);

	const whole = await engine.restoreTree(restoreRequest(id, home, everything));
	t.is(whole.status, 'complete', JSON.stringify(whole.findings));
	t.true(lstatSync(path.join(home, 'www')).isDirectory());
	t.is(execFileSync('find', [outside, '-printf', '%p %T@ %C@ %i %m\n'], {encoding: 'utf8'}), before);
});

test('a live file with a link elsewhere is replaced, never written into', async t => {
	const fixture = await createFixture(t);
	const {home, folder, backup, engine, restoreRequest} = fixture;
	makeHome(home);
	const {id} = await backup();
	const outside = path.join(folder, 'outside');
	writeFileSync(outside, 'original');
	utimesSync(outside, 1e9, 1e9);
	rmSync(path.join(home, 'www', 'index.php'));
	linkSync(outside, path.join(home, 'www', 'index.php'));
	const before = statSync(outside);

	await engine.restoreTree(restoreRequest(id, home));
	const after = statSync(outside);
	t.is(after.mtimeMs, before.mtimeMs);
	t.is(after.mode, before.mode);
	t.is(after.ino, before.ino);
	t.not(statSync(path.join(home, 'www', 'index.php')).ino, before.ino);
});

test('hard links come back when their first path was moved with its folder', async t => {
	const {home, folder, backup, engine, restoreRequest} = await createFixture(t);
	mkdirSync(path.join(home, 'a'));
	mkdirSync(path.join(home, 'm'));
	writeFileSync(path.join(home, 'a', 'f'), 'linked');
	linkSync(path.join(home, 'a', 'f'), path.join(home, 'm', 'g'));
	execFileSync('sleep', ['0.05']);
	await backup();
	renameSync(path.join(home, 'a'), path.join(home, 'z'));
	const {id, sizeBytes, fileCount} = await backup();
	t.is(sizeBytes, 6);
	t.is(fileCount, 2);

	const target = path.join(folder, 'target');
	await engine.restoreTree(restoreRequest(id, target));
	t.is(differences(home, target), '');
});
