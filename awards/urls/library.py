"""Addresses: results, the library of works, opportunities and the ceremony; the public ones need no account."""

from django.urls import URLPattern, path

from awards.views import ceremony, library, opportunities, results

pages: list[URLPattern] = [
    path("results/", results.page, name="library_results"),
    path("library/", library.listing, name="library_list"),
    path("library/<int:pk>/", library.work, name="library_work"),
    path("library/<int:pk>/interest/", library.interest, name="library_interest"),
    path("works/<int:pk>/edit/", library.edit, name="library_edit"),
    path("works/<int:pk>/consent/", library.consent, name="library_consent"),
    path("works/<int:pk>/take-back/", library.take_back, name="library_take_back"),
    path("secretariat/library/", library.desk, name="library_desk"),
    path("secretariat/library/<int:pk>/publish/", library.publish, name="library_publish"),
    path("secretariat/library/<int:pk>/put-back/", library.put_back, name="library_put_back"),
    path("opportunities/", opportunities.listing, name="library_opportunities"),
    path("opportunities/<int:pk>/", opportunities.opportunity, name="library_opportunity"),
    path("secretariat/opportunities/", opportunities.desk, name="library_opportunities_desk"),
    path("secretariat/opportunities/<int:pk>/", opportunities.edit, name="library_opportunity_edit"),
    path("secretariat/opportunities/<int:pk>/show/", opportunities.show, name="library_opportunity_show"),
    path("ceremony/", ceremony.page, name="library_ceremony"),
    path("secretariat/ceremony/", ceremony.desk, name="library_ceremony_desk"),
]
