package benchmarks_test

import (
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

// BenchmarkInvoke is Invoke/<case>/<implementation>. Throughput counts the bytes of the event.
func BenchmarkInvoke(b *testing.B) {
	s := newSite()
	for _, c := range cases(s) {
		b.Run(c.name, func(b *testing.B) {
			for _, impl := range implementations {
				b.Run(impl.name, func(b *testing.B) {
					if c.mode == single && impl.refusesSingle != "" {
						b.Skip(impl.refusesSingle)
					}
					invoke(b, impl.new(s), c.payload(b))
				})
			}
			if c.name == "get-single" {
				b.Run("floor", func(b *testing.B) { invoke(b, newFloor(b, s, c.payload(b)), c.payload(b)) })
			}
		})
	}
}

func invoke(b *testing.B, fn lambda.Handler, payload []byte) {
	b.Helper()
	ctx := b.Context()
	if _, err := fn.Invoke(ctx, payload); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(payload)))
	for b.Loop() {
		if _, err := fn.Invoke(ctx, payload); err != nil {
			b.Fatal(err)
		}
	}
}
