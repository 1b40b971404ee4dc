package main

import "slices"

// The versions of what polls the Runtime API. Lambda brings these with its managed runtimes, so they are no part of a package.
const (
	pythonClient = "awslambdaric 4.2.2"
	nodeClient   = "aws-lambda-ric 4.0.2, Node.js 24.21.0"
	rustClient   = "lambda_runtime 1.5.0"
)

// foreignFrameworks are those in other languages than Go.
func foreignFrameworks() []framework {
	return slices.Concat(pythonFrameworks(), nodeFrameworks(), rustFrameworks())
}

// pythonFrameworks have one virtual environment for the client. What a service needs lies beside it, as in an archive for Lambda.
func pythonFrameworks() []framework {
	const python = "{cache}/python/bin/python"
	list := []framework{
		{
			name: "Powertools ALBResolver", version: "aws-lambda-powertools 3.37.0", source: "python-powertools",
			note: "With validation, and with two options for load balancers that are off by default: decoded queries and a check of the " +
				"response's size. It gives no client address; the service answers with X-Forwarded-For as it came.",
		},
		{
			name: "FastAPI + Mangum", version: "fastapi 0.165.0, mangum 0.22.0", source: "python-fastapi",
			note: "With Mangum's lifespan off, since there is nothing to start.",
		},
		{
			name: "Flask + apig-wsgi", version: "flask 3.1.3, apig-wsgi 2.20.0", source: "python-flask",
			note: "With Werkzeug's ProxyFix, as Flask's guide says for one proxy.",
		},
		{
			name: "Chalice", version: "chalice 1.34.0", source: "python-chalice", gateway: true,
			note: "It knows no load balancer: it gets API Gateway's events, and it is API Gateway that refuses unknown routes and methods.",
			install: [][]string{
				{"python3", "-m", "venv", "{cache}/chalice"},
				{"{cache}/chalice/bin/python", "-m", "pip", "install", "--quiet", "chalice==1.34.0"},
				{"env", "AWS_DEFAULT_REGION=us-east-1", "{cache}/chalice/bin/chalice", "package", "--stage", "api", "out"},
				{python, "-m", "zipfile", "--extract", "out/deployment.zip", "."},
			},
			command:  []string{python, "-m", "awslambdaric", "app.app"},
			packaged: []string{"app.py", "chalice", "chalicelib"},
		},
	}
	client := [][]string{
		{"python3", "-m", "venv", "{cache}/python"},
		{python, "-m", "pip", "install", "--quiet", "awslambdaric==4.2.2"},
	}
	for i := range list {
		f := &list[i]
		f.language, f.runtime, f.needs = "Python", pythonClient, []string{"python3"}
		if f.install == nil {
			f.install = [][]string{{python, "-m", "pip", "install", "--quiet", "--target", ".", "--requirement", "requirements.txt"}}
			f.command, f.packaged = []string{python, "-m", "awslambdaric", "app.handler"}, []string{"."}
		}
		f.install = slices.Concat(client, f.install)
	}
	return list
}

// nodeFrameworks have one Node.js and one client, which is compiled when it is installed. Each service is bundled by esbuild.
func nodeFrameworks() []framework {
	list := []framework{
		{
			name: "Powertools event handler", version: "@aws-lambda-powertools/event-handler 2.35.0", source: "node-powertools",
			note: "With zod for the validation, as its documentation has it. It gives no client address; the service answers with the " +
				"header X-Forwarded-For.",
		},
		{
			name: "Hono", version: "hono 4.13.19", source: "node-hono",
			note: "With @hono/zod-validator. Its adapter is hono/aws-lambda, which is to move to a package of its own.",
		},
		{
			name: "Express + serverless-express", version: "express 5.3.0, @codegenie/serverless-express 5.0.0", source: "node-express",
			note: "With NODE_ENV=production and one trusted proxy, as Express's guides say. The adapter puts a req.ip of its own over " +
				"Express's.",
		},
		{
			name: "Lambda API", version: "lambda-api 1.5.1", source: "node-lambda-api",
		},
	}
	for i := range list {
		f := &list[i]
		f.language, f.runtime, f.needs = "Node.js", nodeClient, []string{"node", "npm", "cmake", "make", "c++"}
		f.install = [][]string{
			{"npm", "install", "--prefix", "{cache}/node", "--save-exact", "node@24.21.0", "aws-lambda-ric@4.0.2"},
			{"npm", "ci"},
			{"npm", "run", "build"},
		}
		f.command = []string{
			"env", "NODE_ENV=production", "_HANDLER=dist/index.handler",
			"{cache}/node/node_modules/.bin/node", "{cache}/node/node_modules/aws-lambda-ric/index.mjs",
		}
		f.packaged = []string{"dist"}
	}
	return list
}

func rustFrameworks() []framework {
	return []framework{{
		name: "axum + lambda_http", version: "axum 0.8.9, lambda_http 1.3.2", source: "rust-axum",
		language: "Rust", runtime: rustClient, needs: []string{"cargo", "cc"},
		note:     "lambda_http gives no client address; the service answers with the header X-Forwarded-For.",
		install:  [][]string{{"cargo", "build", "--release", "--locked"}},
		command:  []string{"target/release/bootstrap"},
		packaged: []string{"target/release/bootstrap"},
	}}
}
