package openapi

import (
	"fmt"
	"slices"
)

// Option is an option of [New].
type Option interface{ apply(*config) }

// config is what a document is made with, besides the routes.
type config struct {
	info        Info
	servers     []Server
	tags        []Tag
	schemes     map[string]SecurityScheme
	security    []string
	plainRoutes bool
}

type option func(*config)

func (o option) apply(c *config) { o(c) }

// WithServers says where the service is. Without it, it is where the document was read from.
func WithServers(servers ...Server) Option {
	servers = slices.Clone(servers)
	return option(func(c *config) { c.servers = append(c.servers, servers...) })
}

// WithTags describes tags. Viewers show the operations in the order of their tags here.
func WithTags(tags ...Tag) Option {
	tags = slices.Clone(tags)
	return option(func(c *config) { c.tags = append(c.tags, tags...) })
}

// WithSecurity declares a way for clients to say who they are, under a name for operations to refer to. By itself it asks for
// nothing: see [WithDefaultSecurity].
//
// This is documentation. What is checked is up to the load balancer and the middleware.
func WithSecurity(name string, scheme SecurityScheme) Option {
	return option(func(c *config) {
		if _, ok := c.schemes[name]; ok || name == "" {
			panic(fmt.Sprintf("openapi: WithSecurity: the name %q is empty or taken; name every scheme once", name))
		}
		if c.schemes == nil {
			c.schemes = map[string]SecurityScheme{}
		}
		c.schemes[name] = scheme
	})
}

// WithDefaultSecurity names the schemes any one of which is enough for an operation that does not say otherwise. An empty name
// among them means that a client may also stay unknown.
func WithDefaultSecurity(names ...string) Option {
	names = slices.Clone(names)
	return option(func(c *config) { c.security = append(c.security, names...) })
}

// WithPlainRoutes also documents the routes whose handlers are not typed: their paths, methods and path parameters, which is all
// that is known of them.
//
// Without it they are left out. Health checks, profiles and static files are nobody's API, and a document should not publish by
// accident what nobody has described.
func WithPlainRoutes() Option {
	return option(func(c *config) { c.plainRoutes = true })
}

// check panics for what no document could be made of.
func (c *config) check() {
	for i, s := range c.servers {
		if s.URL == "" {
			panic(fmt.Sprintf("openapi: WithServers: server %d has no URL; write \"/\" for where the document is", i))
		}
	}
	if name, ok := c.undeclared(c.security); ok {
		panic(fmt.Sprintf("openapi: WithDefaultSecurity: there is no scheme %q; declare it with WithSecurity", name))
	}
}

// undeclared returns a name that is no security scheme's.
func (c *config) undeclared(names []string) (string, bool) {
	for _, name := range names {
		if _, ok := c.schemes[name]; !ok && name != "" {
			return name, true
		}
	}
	return "", false
}
