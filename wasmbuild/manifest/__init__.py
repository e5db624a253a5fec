"""What the user wrote: `wasmbuild.yaml` and `recipe.yaml`, as typed values that know where they came from."""
