"""Sign-in and sign-out, for every account."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView

from mediaassets.web.sign_in import AnyoneSignInForm

sign_in = LoginView.as_view(
    template_name="studio/people/sign_in.html",
    authentication_form=AnyoneSignInForm,
    redirect_authenticated_user=True,
    next_page="studio:home",
)
sign_out = LogoutView.as_view(next_page="studio:sign-in", http_method_names=["post", "options"])
