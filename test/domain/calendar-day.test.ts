import test from 'ava';
import {dayOf, endOfDay} from '../../source/domain/calendar-day.ts';

test('the end of a day', t => {
	t.is(endOfDay('2028-02-29'), new Date(2028, 1, 29, 23, 59, 59, 999).toISOString());

	t.is(dayOf(endOfDay('2027-03-31')!), '2027-03-31', 'in every time zone');

	for (const text of ['2027-02-29', '2027-02-31', '2027-13-01', '2027-00-10', '2027-1-1', 'tomorrow', '']) {
		t.is(endOfDay(text), undefined);
	}
});
