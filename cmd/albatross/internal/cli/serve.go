package cli

import (
	"maps"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
	"github.com/albatross-go/albatross/cmd/albatross/internal/listener/template"
	"github.com/albatross-go/albatross/cmd/albatross/internal/serve"
	"github.com/albatross-go/albatross/router/balancer"
)

// serveFlags are those that serve alone has.
type serveFlags struct {
	host        string
	port        uint16
	inspect     string
	noInspect   bool
	https       bool
	accessLog   string
	healthPath  string
	healthEvery time.Duration
	name        string
	concurrency int
	watch       []string
	noWatch     bool

	rules      string
	listener   string
	parameters []string
	functions  []string

	set func(name string) bool // whether the command line has that flag
}

func (f *serveFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.host, "host", "localhost", "the listener's `address`; 0.0.0.0 lets the network in")
	flags.Uint16Var(&f.port, "port", 8080, "the listener's port; 0 is a free one")
	flags.StringVar(&f.inspect, "inspect", "127.0.0.1:8081", "the inspector's `address`, on this machine only")
	flags.BoolVar(&f.noInspect, "no-inspect", false, "serve no inspector")
	flags.BoolVar(&f.https, "https", false, "an HTTPS listener with HTTP/2, and a certificate made for the occasion")
	flags.StringVar(&f.accessLog, "access-log", "", "append an ALB's access log to this `file`; - is standard output")
	flags.StringVar(&f.healthPath, "health-check", "", "check the function's health at this `path`, as a target group can")
	flags.DurationVar(&f.healthEvery, "health-interval", 35*time.Second, "how often its health is checked")
	flags.StringVar(&f.name, "name", "", "the function's `name`; the default is that of its program or package")
	flags.IntVar(&f.concurrency, "concurrency", 10, "how many environments of a function may run at once; more requests wait")
	flags.StringArrayVar(&f.watch, "watch", nil, "restart when this `path` changes too")
	flags.BoolVar(&f.noWatch, "no-watch", false, "do not rebuild and restart on changes")

	flags.StringVar(&f.rules, "rules", "", "functions and listener rules of a `file`: JSON, a CloudFormation or SAM template, terraform show -json")
	flags.StringVar(&f.listener, "listener", "", "which of the file's listeners: its logical `ID`, or its address in Terraform")
	flags.StringArrayVar(&f.parameters, "parameter", nil, "a parameter of the template, as `NAME=value`")
	flags.StringArrayVar(&f.functions, "function", nil, "how a function of the file is run, as `'NAME=command'`, seen from the working directory")
}

func newServe(t *tool) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve [options] [package] [-- command...]",
		Short: "Put functions behind a load balancer on this machine",
		Long: `Serve runs a function as Lambda does, behind a listener that is an Application Load Balancer's. The function is a
Go package, which is built as for production, or any command that speaks the Runtime API. It is built and started
again when its sources change, and what ran before serves until then.

With --rules there may be several functions, and the listener picks one by its rules.

The inspector, a page on this machine alone, shows each request with its event, answer, logs and findings. On the
same port the function answers the AWS CLI: aws lambda invoke --endpoint-url http://127.0.0.1:8081.

What the function prints goes to standard output and error, what albatross says to standard error. With --json each
request is a line of JSON on standard output, and what the function prints goes to standard error.`,
		Example: `  albatross serve ./cmd/api
  albatross serve --multi-value -- ./bootstrap
  albatross serve --dir app -- python3 -m awslambdaric app.handler
  albatross serve --rules template.yaml --parameter Stage=dev --https
  albatross serve --rules rules.json --function 'orders=./bootstrap --verbose'`,
	}
	var (
		own   serveFlags
		spec  functionFlags
		group balancerFlags
	)
	own.add(cmd.Flags())
	spec.add(cmd.Flags())
	group.add(cmd.Flags())
	own.set = cmd.Flags().Changed
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var command []string
		if n := cmd.ArgsLenAtDash(); n >= 0 {
			args, command = args[:n], args[n:]
		}
		switch {
		case len(args) > 1:
			return usage("%s and %s are two packages; give one, and a function's command after --", args[0], args[1])
		case len(args) == 1 && spec.pkg != "":
			return usage("%s and --package %s are two packages; give one", args[0], spec.pkg)
		case len(args) == 1:
			spec.pkg = args[0]
		}
		config, err := own.config(t, &spec, &group, command)
		if err != nil {
			return err
		}
		signals := make(chan os.Signal, 2) // the first also ends the context
		signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
		defer signal.Stop(signals)
		config.Hurry = second(signals)
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // else whoever stops reading the output ends the tool
		server, err := serve.New(config)
		if err != nil {
			return usage("%w", err)
		}
		return server.Run(cmd.Context())
	}
	return cmd
}

// second returns a channel that is closed by the second signal.
func second(signals <-chan os.Signal) <-chan struct{} {
	c := make(chan struct{})
	go func() {
		<-signals
		<-signals
		close(c)
	}()
	return c
}

// config puts together what is served.
func (f *serveFlags) config(t *tool, spec *functionFlags, group *balancerFlags, command []string) (serve.Config, error) {
	c := serve.Config{
		Addr:      net.JoinHostPort(f.host, strconv.Itoa(int(f.port))),
		Inspector: f.inspect,
		TLS:       f.https,
		JSON:      t.json,
		Stdout:    t.Stdout,
		Stderr:    t.Stderr,
	}
	if f.noInspect {
		c.Inspector = ""
	}
	var err error
	if c.Login, err = group.oidc(); err != nil {
		return c, err
	}
	common := *group
	common.login, common.targetGroup, common.multiValue = "", "", false
	if c.Balancer, err = common.options(); err != nil {
		return c, err
	}
	if f.concurrency <= 0 {
		return c, usage("--concurrency is %d; give 1 or more", f.concurrency)
	}
	switch {
	case f.healthPath == "":
	case !strings.HasPrefix(f.healthPath, "/"):
		return c, usage("--health-check is %q; give a path that begins with a slash", f.healthPath)
	case f.healthEvery <= 0:
		return c, usage("--health-interval is %v; give a positive one, such as 35s", f.healthEvery)
	default:
		c.HealthCheck = true
		c.Balancer = append(c.Balancer, balancer.WithHealthCheck(f.healthPath, f.healthEvery))
	}
	switch f.accessLog {
	case "":
	case "-":
		c.Balancer = append(c.Balancer, balancer.WithAccessLog(t.Stdout))
	default:
		file, err := os.OpenFile(f.accessLog, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600) // open until the process ends
		if err != nil {
			return c, usage("--access-log: %w; name a file that can be written", err)
		}
		c.Balancer = append(c.Balancer, balancer.WithAccessLog(file))
	}
	if f.rules != "" {
		err = f.readRules(&c, spec, group, command)
	} else {
		err = f.oneFunction(&c, spec, group, command)
	}
	return c, err
}

// oneFunction serves the function of the command line.
func (f *serveFlags) oneFunction(c *serve.Config, flags *functionFlags, group *balancerFlags, command []string) error {
	if len(f.functions)+len(f.parameters) > 0 || f.listener != "" {
		return usage("--function, --parameter and --listener belong to --rules; name its file")
	}
	spec, err := flags.spec(command)
	if err != nil {
		return err
	}
	spec.Name = f.functionName(spec)
	f.complete(&spec)
	c.Functions = []serve.Function{{Spec: spec, MultiValueHeaders: group.multiValue, TargetGroupARN: group.targetGroup}}
	return nil
}

// functionName is the name given, or that of the function's folder, package or program.
func (f *serveFlags) functionName(spec function.Spec) string {
	path := filepath.Join(spec.Dir, spec.Package)
	switch {
	case f.name != "":
		return f.name
	case spec.Package == "" && spec.Dir == "":
		path = spec.Command[0]
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs // "." has a name too
	}
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// complete adds to a function what all have.
func (f *serveFlags) complete(spec *function.Spec) {
	spec.Concurrency, spec.Watch, spec.NoWatch = f.concurrency, f.watch, f.noWatch
}

// readRules serves the functions of a file by its rules.
func (f *serveFlags) readRules(c *serve.Config, flags *functionFlags, group *balancerFlags, command []string) error {
	if len(command) > 0 || flags.pkg != "" {
		return usage("with --rules a function has a name; give its command as --function 'NAME=command'")
	}
	o := template.Options{Listener: f.listener, Parameters: map[string]string{}, Commands: map[string][]string{}}
	for _, p := range f.parameters {
		name, value, ok := strings.Cut(p, "=")
		if !ok {
			return usage("--parameter is %q; write NAME=value", p)
		}
		o.Parameters[name] = value
	}
	for _, p := range f.functions {
		name, line, ok := strings.Cut(p, "=")
		if o.Commands[name] = strings.Fields(line); !ok || len(o.Commands[name]) == 0 {
			return usage("--function is %q; write 'NAME=command'", p)
		}
	}
	read, err := template.Load(f.rules, o)
	if err != nil {
		return usage("--rules: %w", err)
	}
	for _, w := range read.Warnings {
		c.Warnings = append(c.Warnings, f.rules+": "+w)
	}
	c.Rules = read.Rules
	for _, name := range slices.Sorted(maps.Keys(read.Functions)) {
		fn, err := f.functionOf(name, read.Functions[name], flags)
		if err != nil {
			return err
		}
		fn.MultiValueHeaders = fn.MultiValueHeaders || group.multiValue
		c.Functions = append(c.Functions, fn)
	}
	if len(c.Functions) == 0 {
		return usage("--rules %s: there is no function in it; name a file that has one", f.rules)
	}
	return nil
}

// functionOf is a function of the file. What the command line says about environment, timeout and memory wins.
func (f *serveFlags) functionOf(name string, from listener.FunctionSpec, flags *functionFlags) (serve.Function, error) {
	own := *flags
	own.pkg, own.dir = from.Package, from.Dir
	if own.envFile == "" {
		own.envFile = from.EnvFile
	}
	if !f.set("timeout") && from.Timeout > 0 {
		own.timeout = time.Duration(from.Timeout) * time.Second
	}
	if !f.set("memory") && from.Memory > 0 {
		own.memory = from.Memory
	}
	spec, err := own.spec(from.Command)
	if err != nil {
		return serve.Function{}, usage("function %s: %w", name, err)
	}
	var env []string
	for _, key := range slices.Sorted(maps.Keys(from.Env)) {
		env = append(env, key+"="+from.Env[key])
	}
	spec.Name, spec.Env = name, slices.Concat(env, spec.Env)
	f.complete(&spec)
	if from.Concurrency > 0 {
		spec.Concurrency = from.Concurrency
	}
	return serve.Function{Spec: spec, MultiValueHeaders: from.MultiValueHeaders, TargetGroupARN: from.TargetGroupArn}, nil
}
