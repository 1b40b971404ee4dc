package runtimeapi

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The account of AWS's own examples.
const account = "123456789012"

const (
	version = "$LATEST"
	handler = "bootstrap" // what an OS-only runtime runs
)

func (c *config) arn() string {
	return "arn:aws:lambda:" + c.region + ":" + account + ":function:" + c.name
}

// environ is the whole environment of a process whose Runtime API is at api.
func (c *config) environ(api string) []string {
	var env []string
	for _, kv := range os.Environ() {
		// A Runtime may itself run in a function, whose variables are not for its child.
		key, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(key, "AWS_LAMBDA_") || key == "AWS_EXECUTION_ENV" || key == "_X_AMZN_TRACE_ID" {
			continue
		}
		env = append(env, kv)
	}
	return append(env, c.variables(api)...)
}

// variables are those that Lambda defines and, after them, the caller's. Lambda developer guide: environment variables;
// an OS-only runtime has no AWS_EXECUTION_ENV.
func (c *config) variables(api string) []string {
	root := c.dir
	if abs, err := filepath.Abs(c.dir); err == nil {
		root = abs
	}
	initialization := "on-demand"
	if c.concurrency > 1 {
		initialization = "lambda-managed-instances"
	}
	vars := []string{
		"AWS_LAMBDA_FUNCTION_NAME=" + c.name,
		"AWS_LAMBDA_FUNCTION_VERSION=" + version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(c.memory),
		"AWS_LAMBDA_INITIALIZATION_TYPE=" + initialization,
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + c.name,
		fmt.Sprintf("AWS_LAMBDA_LOG_STREAM_NAME=%s/[%s]%x", time.Now().UTC().Format("2006/01/02"), version, randomBytes(16)),
		"AWS_REGION=" + c.region,
		"AWS_DEFAULT_REGION=" + c.region,
		"LAMBDA_TASK_ROOT=" + root,
		"_HANDLER=" + handler,
		"TZ=:UTC",
	}
	if c.concurrency > 1 {
		vars = append(vars, "AWS_LAMBDA_MAX_CONCURRENCY="+strconv.Itoa(c.concurrency))
	}
	if api != "" {
		vars = append(vars, "AWS_LAMBDA_RUNTIME_API="+api)
	}
	return append(vars, c.env...)
}
