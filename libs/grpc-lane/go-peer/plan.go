package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
)

// plan is what a request asks its server for. It stands at the beginning of the request, behind its length in 4 bytes.
type plan struct {
	// Bytes of each answer. A unary call has one.
	Answers []int  `json:"answers"`
	Status  int    `json:"status"`
	Message string `json:"message"`
	// Metadata before and behind the answers.
	Headers  map[string]string `json:"headers"`
	Trailers map[string]string `json:"trailers"`
	// Says nothing more after the answers, until the call is cancelled.
	Hangs bool `json:"hangs"`
}

func readPlan(request []byte) (plan, error) {
	var read plan
	if len(request) < 4 || int(binary.BigEndian.Uint32(request))+4 > len(request) {
		return read, errors.New("the request has no plan")
	}
	err := json.Unmarshal(request[4:4+binary.BigEndian.Uint32(request)], &read)
	return read, err
}

// request is a plan with so many bytes behind it.
func (p plan) request(filler []byte) ([]byte, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	request := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	return append(append(request, text...), filler...), nil
}

// answer is made of the request's checksum and its own number, again and again.
func answer(request []byte, number int, size int) []byte {
	seed := crc32.ChecksumIEEE(request) + uint32(number)
	block := binary.BigEndian.AppendUint32(nil, seed)
	made := make([]byte, size)
	for filled := copy(made, block); filled < size; {
		filled += copy(made[filled:], made[:filled])
	}
	return made
}
