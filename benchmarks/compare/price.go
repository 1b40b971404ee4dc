package main

import "math"

// What Lambda costs in us-east-1, first tier, as the AWS Lambda pricing page says.
const (
	pricePerRequest = 0.20 / 1e6
	priceX86        = 0.0000166667 // for a second of 1 GB
	priceARM        = 0.0000133334
)

// A plan is a function's configuration with its price.
type plan struct {
	name     string
	memory   float64 // in MB
	perGBSec float64
}

var plans = []plan{
	{"128 MB, arm64", 128, priceARM},
	{"128 MB, x86", 128, priceX86},
	{"512 MB, arm64", 512, priceARM},
	{"512 MB, x86", 512, priceX86},
}

// billed is a duration as Lambda bills it: in whole milliseconds, rounded up.
func billed(milliseconds float64) float64 { return max(math.Ceil(milliseconds), 1) }

// perMillion is what a million invocations cost, in dollars.
func (p plan) perMillion(milliseconds float64) float64 {
	return 1e6 * (pricePerRequest + billed(milliseconds)/1e3*p.memory/1024*p.perGBSec)
}
