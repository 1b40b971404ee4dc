package listener

// A Config is what a file says of a listener: its rules, and the functions that they forward to.
type Config struct {
	Functions map[string]FunctionSpec `json:",omitempty"` // by name; a target group has the name of its function
	Rules     []Rule                  // with the default rule, in any order
}

// A FunctionSpec says how a function is run. The zero value of a field is Lambda's default.
type FunctionSpec struct {
	Command           []string          `json:",omitempty"` // program and arguments; or else Package
	Package           string            `json:",omitempty"` // Go package to build, seen from Dir
	Dir               string            `json:",omitempty"` // working directory
	Env               map[string]string `json:",omitempty"`
	EnvFile           string            `json:",omitempty"`
	Timeout           int               `json:",omitempty"` // in seconds; 3 on AWS unless it is set
	Memory            int               `json:",omitempty"` // in MB; 128 on AWS unless it is set
	Concurrency       int               `json:",omitempty"`
	MultiValueHeaders bool              `json:",omitempty"` // lambda.multi_value_headers.enabled of its target group
	TargetGroupArn    string            `json:",omitempty"` // another name for it in the rules; events carry it

	// What a template says of the function, for messages.
	Handler string `json:",omitempty"`
	Runtime string `json:",omitempty"`
	CodeURI string `json:"CodeUri,omitempty"`
}
