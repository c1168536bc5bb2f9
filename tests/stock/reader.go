// SPDX-License-Identifier: Apache-2.0

// The stock reader: judges a feed with golang.org/x/mod's note and tlog packages alone, which share no code with
// this project. It opens the checkpoint, reads the leaves through tlog's tile reader, compares each entry of the
// bundles with its leaf, computes the root from the entries and compares each hash tile with what it must hold.
//
//	reader FOLDER-OR-URL VERIFIER-KEY [CHECKPOINT-NAME]
//
// It exits 0 with a line on standard output, or 1 with one on standard error.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight   = 8
	maxFileBytes = 32 << 20
)

// A source reads files of the feed by their path.
type source string

func (s source) read(path string) ([]byte, error) {
	base := strings.TrimPrefix(string(s), "file://")
	if !strings.HasPrefix(base, "http://") && !strings.HasPrefix(base, "https://") {
		return os.ReadFile(filepath.Join(base, filepath.FromSlash(path)))
	}
	response, err := http.Get(strings.TrimSuffix(base, "/") + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: HTTP status %d", path, response.StatusCode)
	}
	return io.ReadAll(io.LimitReader(response.Body, maxFileBytes))
}

// c2spPath is the tile's path without the height that tlog's own paths have.
func c2spPath(tile tlog.Tile) string {
	kind, rest := "tile/"+strconv.Itoa(tile.L), strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/%d", tile.H, tile.L))
	if tile.L < 0 {
		kind, rest = "tile/entries", strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/data", tile.H))
	}
	return kind + rest
}

// readTile reads a tile, or the full tile that took the place of a partial one.
func (s source) readTile(tile tlog.Tile) ([]byte, error) {
	data, err := s.read(c2spPath(tile))
	if err == nil || tile.W == 1<<tileHeight {
		return data, err
	}
	full := tile
	full.W = 1 << tileHeight
	if data, fullErr := s.read(c2spPath(full)); fullErr == nil {
		return data, nil
	}
	return nil, err
}

// source is a tlog.TileReader.
func (s source) Height() int { return tileHeight }

func (s source) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := s.readTile(tile)
		if err != nil {
			return nil, err
		}
		if size := tile.W * tlog.HashSize; len(data) > size && len(data) == tlog.HashSize<<tileHeight {
			data = data[:size]
		}
		all = append(all, data)
	}
	return all, nil
}

func (s source) SaveTiles([]tlog.Tile, [][]byte) {}

// openCheckpoint verifies the note and reads its three lines.
func openCheckpoint(message []byte, key string) (tlog.Tree, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tree, errors.New("the checkpoint has not exactly three lines")
	}
	if lines[0] != verifier.Name() {
		return tree, fmt.Errorf("the checkpoint is of %q", lines[0])
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil || tree.N < 0 || strconv.FormatInt(tree.N, 10) != lines[1] {
		return tree, fmt.Errorf("the checkpoint's size is %q", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tree, fmt.Errorf("the checkpoint's root is %q", lines[2])
	}
	copy(tree.Hash[:], root)
	return tree, nil
}

// splitBundle gives the entries of a bundle, at least `width` of them.
func splitBundle(data []byte, width int) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("the bundle ends within an entry")
		}
		size := int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:2+size])
		data = data[2+size:]
	}
	if len(entries) != width && len(entries) != 1<<tileHeight {
		return nil, fmt.Errorf("the bundle has %d entries instead of %d", len(entries), width)
	}
	return entries[:width], nil
}

// checkBundle compares one bundle with the leaves of the tiles, and gives the hashes of its entries.
func checkBundle(s source, hashes tlog.HashReader, index int64, width int) ([]tlog.Hash, error) {
	tile := tlog.Tile{H: tileHeight, L: -1, N: index, W: width}
	data, err := s.readTile(tile)
	if err != nil {
		return nil, err
	}
	entries, err := splitBundle(data, width)
	if err != nil {
		return nil, fmt.Errorf("%s: %v", c2spPath(tile), err)
	}
	var stored []int64
	for i := range entries {
		stored = append(stored, tlog.StoredHashIndex(0, index<<tileHeight+int64(i)))
	}
	leaves, err := hashes.ReadHashes(stored)
	if err != nil {
		return nil, fmt.Errorf("tiles: %v", err)
	}
	for i, entry := range entries {
		if tlog.RecordHash(entry) != leaves[i] {
			return nil, fmt.Errorf("entry %d does not hash to its leaf", index<<tileHeight+int64(i))
		}
	}
	return leaves, nil
}

// checkEntries gives every stored hash of the tree, computed from the entries.
func checkEntries(s source, tree tlog.Tree) (memory, error) {
	var stored memory
	hashes := tlog.TileHashReader(tree, s)
	for first := int64(0); first < tree.N; first += 1 << tileHeight {
		width := tree.N - first
		if width > 1<<tileHeight {
			width = 1 << tileHeight
		}
		leaves, err := checkBundle(s, hashes, first>>tileHeight, int(width))
		if err != nil {
			return nil, err
		}
		for i, leaf := range leaves {
			more, err := tlog.StoredHashesForRecordHash(first+int64(i), leaf, stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, more...)
		}
	}
	return stored, nil
}

// memory is a tlog.HashReader over all hashes of a tree.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, m[index])
	}
	return hashes, nil
}

// tilesOf lists the hash tiles of a tree.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level := 0; size > 0; level++ {
		for n := int64(0); n < size>>tileHeight; n++ {
			tiles = append(tiles, tlog.Tile{H: tileHeight, L: level, N: n, W: 1 << tileHeight})
		}
		if width := size % (1 << tileHeight); width > 0 {
			tiles = append(tiles, tlog.Tile{H: tileHeight, L: level, N: size >> tileHeight, W: int(width)})
		}
		size >>= tileHeight
	}
	return tiles
}

// checkTiles compares each hash tile with the hashes computed from the entries. tlog's own tile reader leaves out
// the tiles that it fetches besides those of the root as long as several hashes of the root share a tile.
func checkTiles(s source, tree tlog.Tree, stored memory) error {
	for _, tile := range tilesOf(tree.N) {
		expected, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return err
		}
		got, err := s.ReadTiles([]tlog.Tile{tile})
		if err != nil {
			return err
		}
		if !bytes.Equal(got[0], expected) {
			return fmt.Errorf("%s has other hashes than its entries", c2spPath(tile))
		}
	}
	return nil
}

func check(s source, key, name string) (tlog.Tree, error) {
	message, err := s.read(name)
	if err != nil {
		return tlog.Tree{}, err
	}
	tree, err := openCheckpoint(message, key)
	if err != nil {
		return tree, fmt.Errorf("%s: %v", name, err)
	}
	if tree.N == 0 {
		empty := sha256.Sum256(nil)
		if !bytes.Equal(tree.Hash[:], empty[:]) {
			return tree, errors.New("the empty tree has another root")
		}
		return tree, nil
	}
	stored, err := checkEntries(s, tree)
	if err != nil {
		return tree, err
	}
	root, err := tlog.TreeHash(tree.N, stored)
	if err != nil {
		return tree, err
	}
	if root != tree.Hash {
		return tree, errors.New("the entries give another root")
	}
	return tree, checkTiles(s, tree, stored)
}

func main() {
	if len(os.Args) < 3 || len(os.Args) > 4 {
		fmt.Fprintln(os.Stderr, "usage: reader FOLDER-OR-URL VERIFIER-KEY [CHECKPOINT-NAME]")
		os.Exit(1)
	}
	name := "checkpoint"
	if len(os.Args) == 4 {
		name = os.Args[3]
	}
	tree, err := check(source(os.Args[1]), os.Args[2], name)
	if err != nil {
		fmt.Fprintf(os.Stderr, "stock reader: refused: %v\n", err)
		os.Exit(1)
	}
	fmt.Printf("stock reader: verified %d entries, root %v\n", tree.N, tree.Hash)
}
