"""A protocol-true stand-in for Discord on loopback: HTTP API v10, gateway v10, CDN, and a page in the browser.

It imports nothing from the product and could be lifted out as a package of its own. See README.md beside this file.
"""
