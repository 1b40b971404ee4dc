module github.com/albatross-go/albatross

go 1.26

require (
	github.com/aws/aws-lambda-go v1.55.1
	github.com/go-chi/chi/v5 v5.5.0
	github.com/google/go-cmp v0.7.0
)

require pgregory.net/rapid v1.3.0
