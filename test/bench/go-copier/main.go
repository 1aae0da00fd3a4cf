// Copies the records of one topic to the same partitions of another topic on another cluster: decoded, encoded and compressed again.
// Nothing but that: no commits, no topic discovery, no transforms. Ends when it has copied what the topic held at its start, unless told to follow.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

type options struct {
	source, target, topic, targetTopic, codec string
	partitions                                int
	follow                                    bool
}

func main() {
	var o options
	flag.StringVar(&o.source, "source", "", "host:port of a source broker")
	flag.StringVar(&o.target, "target", "", "host:port of a target broker")
	flag.StringVar(&o.topic, "topic", "", "topic to copy")
	flag.StringVar(&o.targetTopic, "target-topic", "", "existing topic to copy to, with at least as many partitions")
	flag.StringVar(&o.codec, "codec", "none", "none, gzip, snappy, lz4 or zstd")
	flag.IntVar(&o.partitions, "partitions", 1, "number of partitions to copy")
	flag.BoolVar(&o.follow, "follow", false, "go on until killed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "copier:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	consumer, err := openConsumer(o)
	if err != nil {
		return err
	}
	defer consumer.Close()
	producer, err := openProducer(o)
	if err != nil {
		return err
	}
	defer producer.Close()
	remaining := int64(-1)
	if !o.follow {
		if remaining, err = countRecords(ctx, consumer, o); err != nil {
			return err
		}
	}
	return copyRecords(ctx, consumer, producer, o, remaining)
}

func openConsumer(o options) (*kgo.Client, error) {
	offsets := make(map[int32]kgo.Offset, o.partitions)
	for p := range o.partitions {
		offsets[int32(p)] = kgo.NewOffset().AtStart()
	}
	return kgo.NewClient(
		kgo.SeedBrokers(o.source),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{o.topic: offsets}),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.FetchMaxBytes(16<<20),
		kgo.FetchMaxPartitionBytes(4<<20),
		kgo.FetchMinBytes(1),
		kgo.FetchMaxWait(500*time.Millisecond),
	)
}

func openProducer(o options) (*kgo.Client, error) {
	codecs := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	codec, known := codecs[o.codec]
	if !known {
		return nil, fmt.Errorf("unknown codec %q", o.codec)
	}
	// Idempotent with acks=all and five requests in flight: franz-go's defaults.
	return kgo.NewClient(
		kgo.SeedBrokers(o.target),
		kgo.DefaultProduceTopic(o.targetTopic),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchCompression(codec),
		kgo.ProducerBatchMaxBytes(1_000_000),
		kgo.ProducerLinger(0),
		kgo.MaxBufferedRecords(100_000),
		kgo.MaxBufferedBytes(64<<20),
	)
}

func copyRecords(ctx context.Context, consumer, producer *kgo.Client, o options, remaining int64) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var acked atomic.Int64
	promise := func(_ *kgo.Record, err error) {
		if err != nil {
			cancel(fmt.Errorf("producing: %w", err))
			return
		}
		if acked.Add(1) == remaining {
			cancel(nil)
		}
	}
	if remaining == 0 {
		return nil
	}
	for ctx.Err() == nil {
		fetches := consumer.PollFetches(ctx)
		if errs := fetches.Errors(); len(errs) > 0 && ctx.Err() == nil {
			return fmt.Errorf("fetching %s-%d: %w", errs[0].Topic, errs[0].Partition, errs[0].Err)
		}
		fetches.EachRecord(func(record *kgo.Record) {
			producer.Produce(ctx, &kgo.Record{
				Topic:     o.targetTopic,
				Partition: record.Partition,
				Key:       record.Key,
				Value:     record.Value,
				Headers:   record.Headers,
				Timestamp: record.Timestamp,
			}, promise)
		})
	}
	if err := context.Cause(ctx); err != nil && err != context.Canceled {
		return err
	}
	return nil
}

// countRecords adds up what the partitions hold: end offsets less start offsets.
func countRecords(ctx context.Context, client *kgo.Client, o options) (int64, error) {
	const latest, earliest = -1, -2
	total := int64(0)
	for _, at := range []struct{ timestamp, sign int64 }{{latest, 1}, {earliest, -1}} {
		request := kmsg.NewPtrListOffsetsRequest()
		topic := kmsg.NewListOffsetsRequestTopic()
		topic.Topic = o.topic
		for p := range o.partitions {
			partition := kmsg.NewListOffsetsRequestTopicPartition()
			partition.Partition = int32(p)
			partition.Timestamp = at.timestamp
			topic.Partitions = append(topic.Partitions, partition)
		}
		request.Topics = append(request.Topics, topic)
		response, err := client.Request(ctx, request)
		if err != nil {
			return 0, fmt.Errorf("listing offsets: %w", err)
		}
		for _, topic := range response.(*kmsg.ListOffsetsResponse).Topics {
			for _, partition := range topic.Partitions {
				if partition.ErrorCode != 0 {
					return 0, fmt.Errorf("listing offsets of %s-%d: error %d", o.topic, partition.Partition, partition.ErrorCode)
				}
				total += at.sign * partition.Offset
			}
		}
	}
	return total, nil
}
