package oidc

import (
	"fmt"
	"regexp"
	"strings"
)

// regionOf returns the region in an Application Load Balancer's ARN. It panics if that is not what arn is.
// Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Elastic Load Balancing V2".
func regionOf(arn string) string {
	form := regexp.MustCompile(`^arn:(aws|aws-us-gov|aws-cn):elasticloadbalancing:([a-z]{2}(?:-[a-z]+)+-[0-9]+):[0-9]{12}:` +
		`loadbalancer/app/[A-Za-z0-9-]+/[0-9a-f]+$`)
	part := form.FindStringSubmatch(arn)
	if len(part) != 3 || part[1] != partitionOf(part[2]) {
		panic(fmt.Sprintf("oidc: %q is not the ARN of an Application Load Balancer; give it whole: "+
			"arn:aws:elasticloadbalancing:region:account:loadbalancer/app/name/id", arn))
	}
	return part[2]
}

// partitionOf returns the partition that a region belongs to.
func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	default:
		return "aws"
	}
}

// awsKeyURL is where AWS publishes a key. Source: as the package's; the guide does not name China, whose domain is its own.
func awsKeyURL(region, kid string) string {
	switch partitionOf(region) {
	case "aws-us-gov":
		return "https://s3-" + region + ".amazonaws.com/aws-elb-public-keys-prod-" + region + "/" + kid
	case "aws-cn":
		return "https://public-keys.auth.elb." + region + ".amazonaws.com.cn/" + kid
	default:
		return "https://public-keys.auth.elb." + region + ".amazonaws.com/" + kid
	}
}
