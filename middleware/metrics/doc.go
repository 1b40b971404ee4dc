// Package metrics is middleware that counts requests in CloudWatch, by lines in the embedded metric format: one line a request on
// standard output, from which CloudWatch Logs makes metrics. It calls no API and needs no permission beyond that of logging.
//
//	r := router.New()
//	r.Use(metrics.New(metrics.WithNamespace("Shop")))
//
// # Metrics
//
//	Latency      Milliseconds   from the first line of the handler to its last; percentiles work
//	Count        Count          1; its sum is the number of requests
//	4XXError     Count          1 or 0; its sum is their number, its average the error rate
//	5XXError     Count          likewise; a panic counts as one
//	ColdStart    Count          1, with the first request of an execution environment; under service and function_name
//
// The names are those of API Gateway, and for ColdStart and the environment variables those of Powertools for AWS Lambda. The
// dimensions are service, route and method. Every route and method that is called makes four metrics, which CloudWatch bills: so
// route is the pattern of the route (/orders/{id}), never the path, and "unmatched" where there is none, and method is "_OTHER"
// where HTTP does not define it. No client can make up a new metric. For the route to be known, the middleware must be inside the
// router: chi's Use, or around the http.ServeMux itself with no middleware between that copies the request.
//
// # Environment
//
//	POWERTOOLS_METRICS_NAMESPACE   namespace, unless WithNamespace says it
//	POWERTOOLS_SERVICE_NAME        dimension service, unless WithService says it; service_undefined by default
//	POWERTOOLS_METRICS_DISABLED    true: no lines, as for tests and for a run on a laptop
//
// # Lambda's JSON log format
//
// A line is one JSON object and so valid in both log formats. With application log level filtering (AWS_LAMBDA_LOG_FORMAT is JSON
// and AWS_LAMBDA_LOG_LEVEL set), Lambda takes a line without level for INFO and drops it where the function asks for more. To keep
// its metrics, the line then carries a timestamp and the very level that the function asks for.
//
// Sources: CloudWatch user guide, "Specification: Embedded metric format"; CloudWatch API reference, "Dimension" and
// "PutMetricData"; Lambda developer guide, "Log-level filtering".
package metrics
