package schema

import (
	"bytes"
	"time"
)

// isDateTime is date-time of RFC 3339 section 5.6, leap seconds and small letters included.
func isDateTime(s []byte) bool {
	return len(s) > 10 && isDate(s[:10]) && s[10]|0x20 == 't' && isTime(s[11:])
}

// isGoTime is the part of isDateTime that time.Time can hold.
func isGoTime(s []byte) bool {
	return isDateTime(s) && s[10] == 'T' && s[len(s)-1] != 'z' && string(s[17:19]) != "60"
}

// isDate is full-date of RFC 3339.
func isDate(s []byte) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, ok := decimals(s[:4])
	month, okMonth := decimals(s[5:7])
	day, okDay := decimals(s[8:])
	if !ok || !okMonth || !okDay || month < 1 || month > 12 || day < 1 {
		return false
	}
	last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day() // day 0 is the one before the first
	return day <= last
}

// isTime is full-time of RFC 3339. A leap second is taken where one may be: in the last minute of a day, UTC.
func isTime(s []byte) bool {
	if len(s) < 9 || s[2] != ':' || s[5] != ':' {
		return false
	}
	hour, ok := decimals(s[:2])
	minute, okMinute := decimals(s[3:5])
	second, okSecond := decimals(s[6:8])
	if !ok || !okMinute || !okSecond || hour > 23 || minute > 59 || second > 60 {
		return false
	}
	s = s[8:]
	if s[0] == '.' {
		digits := 1
		for digits < len(s) && isDigit(s[digits]) {
			digits++
		}
		if digits == 1 {
			return false
		}
		s = s[digits:]
	}
	offset, ok := offset(s)
	const day = 24 * 60
	return ok && (second < 60 || (hour*60+minute-offset+day)%day == day-1)
}

// offset is time-offset of RFC 3339, in minutes.
func offset(s []byte) (minutes int, ok bool) {
	if len(s) == 1 {
		return 0, s[0]|0x20 == 'z'
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	hour, ok := decimals(s[1:3])
	minute, okMinute := decimals(s[4:])
	if !ok || !okMinute || hour > 23 || minute > 59 {
		return 0, false
	}
	if s[0] == '-' {
		return -60*hour - minute, true
	}
	return 60*hour + minute, true
}

// isDuration is duration of RFC 3339 appendix A, which is ISO 8601 without fractions: P1Y2M3DT4H5M6S without gaps, or P7W.
func isDuration(s []byte) bool {
	date, ok := bytes.CutPrefix(s, []byte("P"))
	if !ok {
		return false
	}
	date, clock, hasClock := bytes.Cut(date, []byte("T"))
	if hasClock {
		return isUnits(clock, "HMS") && (len(date) == 0 || isUnits(date, "YMD"))
	}
	return isUnits(date, "YMD") || isUnits(date, "W")
}

// isUnits reports whether s is a run of numbers, each with a unit, whose units are a run of those given.
func isUnits(s []byte, units string) bool {
	last := -1
	for len(s) > 0 {
		i := 0
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		if i == 0 || i == len(s) {
			return false
		}
		unit := bytes.IndexByte([]byte(units), s[i])
		if unit < 0 || last >= 0 && unit != last+1 {
			return false
		}
		last = unit
		s = s[i+1:]
	}
	return last >= 0
}

// decimals reads nothing but digits.
func decimals(s []byte) (n int, ok bool) {
	for _, b := range s {
		if !isDigit(b) {
			return 0, false
		}
		n = 10*n + int(b-'0')
	}
	return n, true
}
