import test, {type ExecutionContext} from 'ava';
import {
	checkSettingKey,
	parseSetting,
	settingKeys,
	settings,
	type SettingKey,
} from '../../source/domain/settings.ts';
import {UserError} from '../../source/errors.ts';

const parses = test.macro({
	exec(t: ExecutionContext, [key, text]: readonly [SettingKey, string], value: string | number | boolean) {
		t.is(parseSetting(key, text), value);
	},
	title: (_, [key, text]) => `${key} can be ${text}`,
});

test(parses, ['queue.backupLanes', '10'], 10);
test(parses, ['orphans.ttlDays', '0'], 0);
test(parses, ['destination.minFreeBytes', '123'], 123);
test(parses, ['destination.minFreeBytes', '1.5GiB'], 1_610_612_736);
test(parses, ['destination.minFreeBytes', '500 mb'], 500_000_000);
test(parses, ['restore.safetyBackup', 'false'], false);
test(parses, ['engine.ioClass', 'best-effort'], 'best-effort');
test(parses, ['accounts.passwd', '/srv/passwd'], '/srv/passwd');
test(parses, ['machine.name', 'web1'], 'web1');
test(parses, ['notify.smtp', '[::1]:25'], '[::1]:25');
test(parses, ['notify.smtp', 'mail.example.com'], 'mail.example.com');

const refuses = test.macro({
	exec(t: ExecutionContext, [key, text]: readonly [SettingKey, string], rule: RegExp) {
		const error = t.throws<UserError>(() => parseSetting(key, text), {instanceOf: UserError, message: rule});

		t.is(error?.code, 'usage');
	},
	title: (_, [key, text]) => `${key} cannot be ${text}`,
});

test(refuses, ['queue.backupLanes', '0'], /whole number from 1 to 10/v);
test(refuses, ['queue.backupLanes', '11'], /whole number from 1 to 10/v);
test(refuses, ['queue.backupLanes', '1.5'], /whole number/v);
test(refuses, ['queue.backupLanes', '-1'], /whole number/v);
test(refuses, ['queue.backupLanes', 'two'], /whole number/v);
test(refuses, ['onDemand.maxInodes', '1e3'], /whole number from 0 on/v);
test(refuses, ['destination.minFreeBytes', '1 PB'], /a size such as/v);
test(refuses, ['destination.minFreeBytes', '99999999999GiB'], /a size such as/v);
test(refuses, ['restore.safetyBackup', 'yes'], /true or false/v);
test(refuses, ['engine.ioClass', 'realtime'], /one of idle, best-effort/v);
test(refuses, ['accounts.passwd', 'passwd'], /an absolute path/v);
test(refuses, ['machine.name', 'web1!file'], /a name without/v);
test(refuses, ['notify.to', 'a@example.com\nBcc: b@example.com'], /addresses such as/v);
test(refuses, ['notify.to', 'a@example.com, -oQx@example.com'], /addresses such as/v);
test(refuses, ['notify.to', `${'a'.repeat(250)}@example.com`], /addresses such as/v);
test(refuses, ['onDemand.job', 'a\nb'], /one line/v);
test(refuses, ['machine.name', 'web\u{1B}[2J'], /a name without/v);
test(refuses, ['notify.smtp', 'mail example'], /host:port/v);
test(refuses, ['notify.smtp', 'mail:port'], /host:port/v);

test('every default is a value that can be set, or says what it depends on', t => {
	for (const key of settingKeys) {
		const {fallback, standIn, meaning} = settings[key];

		t.not(meaning, '');

		if (fallback === undefined) {
			t.truthy(standIn, key);
		} else {
			t.is(parseSetting(key, String(fallback)), fallback, key);
		}
	}
});

test('an unknown key', t => {
	t.throws(() => checkSettingKey('toString'), {instanceOf: UserError, message: /no setting "toString"/v});
	t.is(checkSettingKey('machine.name'), 'machine.name');
});
